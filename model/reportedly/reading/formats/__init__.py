"""Input formats of articles: text, Markdown, web pages and URLs, Word, PDF, tables."""
