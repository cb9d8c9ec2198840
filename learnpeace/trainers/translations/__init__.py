"""How far translations are; files for translators, out and in again."""
