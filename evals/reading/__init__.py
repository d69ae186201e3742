"""Reading any draft: blocks, sentences, what a hurried reader sees, its figures and what each figure stands for."""
