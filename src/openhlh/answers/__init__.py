"""Questions and answers: what a question asks for, which evidence answers it, and in which words."""
