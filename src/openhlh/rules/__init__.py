"""The grammar of definitions: a closed list of rule kinds, and two engines that mean the same."""
