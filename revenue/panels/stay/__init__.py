"""Who leaves and who may, what renews, what MRR will be: the panels of these pages."""
