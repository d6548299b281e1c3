"""Names of pretend accounts: as many as needed, each of them once."""

from __future__ import annotations

from functools import lru_cache

from revops_site.kernel.world.frame import World

FIRST = (
    "Alder Amber Anchor Arbor Ashford Aspen Atlas Aurora Avalon Basalt Beacon Birch Bluefin "
    "Boreal Bramble Bridgewell Brightwater Calder Cedar Cinder Clearbrook Cobalt Copper Coral "
    "Crestline Cypress Dawnfield Delta Driftwood Eastgate Eldon Ember Everly Fairhaven Falcon "
    "Fernhill Firth Foxglove Garnet Glenmore Granite Greenfield Halcyon Harbor Hawthorn Hazel "
    "Highland Indigo Ironwood Ivory Jasper Juniper Kestrel Kingsley Lakeside Larch Laurel "
    "Linden Lumen Magnolia Maple Marlow Meadow Mistral Moorland Northfield Oakhurst Onyx Opal "
    "Orchard Osprey Pinecrest Quarry Redwood Ridgeway Riverton Rowan Saffron Sable Silverlake "
    "Solstice Spruce Stonebridge Summit Sycamore Tamarack Thistle Tidewater Umber Vantage Verdant "
    "Walnut Westmark Whitby Willow Winterbourne Yarrow Zephyr"
)
SECOND = (
    "Aerospace Analytics Apparel Automation Bank Biotech Capital Chemicals Clinics Components "
    "Construction Consulting Dental Design Dynamics Education Electric Energy Engineering Farms "
    "Foods Freight Furniture Health Hotels Insurance Interactive Labs Legal Lighting Logistics "
    "Machinery Media Metals Networks Optics Packaging Partners Pharma Plastics Printing Realty "
    "Retail Robotics Security Software Studios Systems Telecom Textiles Tools Travel Ventures "
    "Wellness Works"
)


@lru_cache(maxsize=2)
def accounts(world: World) -> tuple[str, ...]:
    """Every name there is, in an order of the world's own; deals take from its front."""
    names = [f"{first} {second}" for first in FIRST.split() for second in SECOND.split()]
    order = world.dice("accounts").permutation(len(names))
    return tuple(names[place] for place in order)


def account(world: World, place: int) -> str:
    """The name at this place; a round later names come back with a number behind them."""
    names = accounts(world)
    again, index = divmod(place, len(names))
    return f"{names[index]} {again + 1}" if again else names[index]
