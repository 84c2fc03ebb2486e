"""Train the reader: pack articles, train the teacher, and train the student on its answers."""
