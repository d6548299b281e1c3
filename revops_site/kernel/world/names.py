"""Names of pretend accounts and people: as many as needed, each of them once."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revops_site.kernel.world.frame import Texts, World

A_SHARD = 61_600  # account names that a shard has for itself
STRIDE = 1_237  # a prime, so that every name comes once and neighbours look nothing alike

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


GIVEN = (
    "Aaron Adele Aisha Alba Amir Ana Anders Anika Arjun Astrid Bella Bruno Camila Carlos Chiara "
    "Chen Clara Dario David Diego Elena Elif Emil Emma Fatima Felix Freya Gabriel Hana Hassan "
    "Helena Hugo Ines Isaac Ivy Jana Jonas Julia Kai Karim Lara Leon Lina Luis Marta Mateo Mila "
    "Nadia Nils Nina Omar Paula Pedro Rania Ravi Rosa Samir Sara Selma Tariq Theo Vera Yara Zoe"
)
FAMILY = (
    "Abbott Almeida Andersen Bauer Becker Bennett Bianchi Blake Castro Chandra Clarke Costa Dahl "
    "Das Dubois Egan Farah Ferrari Fischer Flores Fraser Garcia Gupta Hansen Hayes Hoffmann Ito "
    "Iyer Jansen Kapoor Keller Khan Kim Klein Lam Larsen Lopez Marino Martin Mehta Mendes Meyer "
    "Moore Moreau Mueller Nguyen Novak Olsen Park Patel Pereira Quinn Reyes Romero Schmidt Singh "
    "Suzuki Torres Vogel Yamada"
)
SUFFIXES = (
    "Group Holdings International Partners Worldwide Industries Enterprises Solutions Services "
    "Nordic Iberia Pacific Atlantic Continental United Global"
)


def people(first: int, count: int) -> list[str]:
    """So many names of people from this place on; below 0 it counts from the end of 3,840."""
    given, family = GIVEN.split(), FAMILY.split()
    every = len(given) * len(family)
    places = [place * STRIDE % every for place in range(first, first + count)]
    return [
        f"{given[place % len(given)]} "
        f"{family[(place // len(given) + place % len(given)) % len(family)]}"
        for place in places
    ]


def accounts(world: World) -> tuple[str, ...]:
    """Every plain name there is, in an order that all shards of a company share."""
    return _plain(replace(world, shard=0))


@lru_cache(maxsize=1)
def _plain(world: World) -> tuple[str, ...]:
    names = [f"{first} {second}" for first in FIRST.split() for second in SECOND.split()]
    order = world.dice("accounts").permutation(len(names))
    return tuple(names[place] for place in order)


def account_names(world: World, places: NDArray[np.integer[Any]]) -> Texts:
    """The names at these places of the shard; later rounds come with a word and a number behind."""
    plain, words = np.array(accounts(world), dtype=object), SUFFIXES.split()
    rounds, index = np.divmod(places + world.shard * A_SHARD, len(plain))
    codes, which = np.unique(rounds, return_inverse=True)
    suffixes = np.array([_suffix(words, int(code)) for code in codes], dtype=object)
    names: Texts = plain[index] + suffixes[which]
    return names


def _suffix(words: list[str], code: int) -> str:
    if code == 0:
        return ""
    again, word = divmod(code - 1, len(words))
    return f" {words[word]} {again + 1}" if again else f" {words[word]}"
