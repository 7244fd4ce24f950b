"""What each ceremony is held on, built from recorded facts alone."""
