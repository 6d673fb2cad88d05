"""What is printed and read: checklists, flow diagrams and the library, all made from the data."""
