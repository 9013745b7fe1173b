"""The benchmark of real tables: from the path of a file to a diagnosed model, against scikit-learn."""
