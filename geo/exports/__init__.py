"""What is filtered is what is downloaded: a view's rows as files that explain themselves."""
