// What any first import costs: the floor beside which the others are read.
