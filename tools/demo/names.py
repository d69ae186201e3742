"""Made-up names of companies, products and people. Any likeness to real ones is chance."""

from __future__ import annotations

import random

_FIRST = (
    "Alderbrook", "Ashcombe", "Beckfield", "Birchmoor", "Blackthorn", "Bramwell", "Briarwood", "Calderstone",
    "Cedarvale", "Claymont", "Coppergate", "Cranleigh", "Dovecote", "Dunmore", "Eastmere", "Elmhurst", "Fairlight",
    "Fallowfield", "Farrow", "Fernbank", "Foxglove", "Gildenhall", "Glenrock", "Greyfell", "Halewood", "Harrowgate",
    "Hartwell", "Hazelmere", "Heathrow Lane", "Highmoor", "Hollins", "Ironbridge", "Ivybank", "Junipero", "Kestrel",
    "Kingsley", "Larchmont", "Linden", "Lockwood", "Lyndale", "Maplecroft", "Marlowe", "Meadowbank", "Millbrook",
    "Netherby", "Oakhollow", "Orchard Hill", "Pemberley", "Quarry Bank", "Ravensworth", "Redfern", "Rookwood",
    "Saltmarsh", "Sandringford", "Silverbirch", "Stonecroft", "Tamarack", "Thistledown", "Underhill", "Wexcombe",
    "Whitmoor", "Willowdale", "Winterbourne", "Yarrow",
)  # fmt: skip
_SECOND = (
    "Foods", "Logistics", "Packaging", "Medical", "Utilities", "Freight", "Textiles", "Dental", "Cold Storage",
    "Components", "Print", "Hospitality", "Energy", "Furniture", "Agritech", "Water",
)  # fmt: skip
INDUSTRIES = ("Manufacturing", "Logistics", "Healthcare", "Utilities", "Food", "Hospitality", "Retail")

PEOPLE = (
    "Adaeze Nwosu", "Agnieszka Wilczek", "Ahmet Yıldırım", "Aino Lehtovaara", "Akira Hoshino", "Alejandra Quiroga",
    "Amina Diallo", "Anders Bjørnstad", "Anjali Deshmukh", "Anton Vasilenko", "Aoife Brennan", "Ariel Shaked",
    "Astrid Nyström", "Ayumi Kitagawa", "Beatriz Carvalho", "Bogdan Ionescu", "Camille Rousselot", "Chiara Bellandi",
    "Chidi Eze", "Claudia Steinbrück", "Dagny Ólafsdóttir", "Darius Kazlauskas", "Deniz Aksoy", "Dimitra Papadaki",
    "Efua Mensah", "Eilidh Farquhar", "Elif Korkmaz", "Emre Tunç", "Esi Boateng", "Farah Mansour", "Fatima Zahiri",
    "Felipe Arruda", "Freya Lindahl", "Gabriel Montaño", "Gitta Szabados", "Gwenaëlle Le Bihan", "Hamza Qureshi",
    "Hana Dvořáčková", "Henrik Aaltonen", "Hugo Ferreira", "Ilse Vandenberg", "Ines Kovačević", "Isak Grönlund",
    "Itziar Mendizabal", "Jarosław Żuk", "Jūratė Petraitė", "Kaito Morinaga", "Kalinda Rao", "Katarzyna Mróz",
    "Kofi Asante", "Lamia Benali", "Lars Østergaard", "Leilani Kahale", "Lena Hofstätter", "Łukasz Górniak",
    "Maite Etxarte", "Malik Toure", "Mareike Wolters", "Marisol Peña", "Mei-Ling Hsu", "Mirela Stojanova",
    "Mohan Krishnan", "Nadia Chehab", "Naledi Khumalo", "Niamh Gallagher", "Nuno Teixeira", "Oksana Hrytsenko",
    "Olivier Dumont", "Paavo Rinne", "Pilar Echeverría", "Rafael Siqueira", "Ravi Subramaniam", "Ronan MacAuley",
    "Saoirse Keane", "Sigrún Bragadóttir", "Siobhán Doyle", "Søren Kjærgaard", "Thandiwe Ndlovu", "Tomás Iglesias",
    "Tuva Sandvik", "Vikram Chaudhary", "Wanjiru Kamau", "Yael Bar-Natan", "Zsófia Halmos",
    "Ольга Соколовська", "Милан Јовановић", "Νικόλας Μαυρίδης", "Ελένη Καραγιάννη", "ليلى الحداد", "يوسف المصري",
    "נועה פרידמן", "佐々木 遥", "高橋 蓮", "林 佳怡", "김서연", "अनन्या शर्मा",
)  # fmt: skip


def company_names(rng: random.Random) -> list[str]:
    """About a thousand distinct company names, shuffled."""
    names = [f"{first} {second}" for first in _FIRST for second in _SECOND]
    rng.shuffle(names)
    return names
