"""What a reader wants to know, decided: findings are numbers and names, and no sentences."""
