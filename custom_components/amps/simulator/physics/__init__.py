"""How things move, in closed form: an instant a year ahead costs what one a minute ahead costs."""
