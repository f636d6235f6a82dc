"""Facts about the outside world as data files, and the code that reads them."""
