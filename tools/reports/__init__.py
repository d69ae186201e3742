"""The reports that CRM users know, as tables over the metric layer."""
