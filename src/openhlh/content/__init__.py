"""The shelves: facts and figures as pages of data, and one strict reader."""
