"""Results as office papers (结果文件): pure functions from data to the bytes of a .docx file."""
