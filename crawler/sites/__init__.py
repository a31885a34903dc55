"""One file a site; this module finds them."""
