"""Load and lifetimes: nothing lost, nothing hollow, nothing leaked, no hang. See RESULTS.md for the last run."""
