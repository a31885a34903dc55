"""Site + Page -> the links of a listing, or an article and its body container."""
