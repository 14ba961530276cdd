"""News: what happened in a room, told to higher rooms after commit, and to browsers through each tenant's stream."""
