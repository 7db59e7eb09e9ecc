"""Demo data: invented petitions, people and lives, all marked as such."""
