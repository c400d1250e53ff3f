"""Tables, also those that a copy has turned to text or robbed of cells: columns, rows, and what stands where."""
