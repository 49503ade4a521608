"""What making images and making videos share: fields, models, sizes, pictures, answers."""
