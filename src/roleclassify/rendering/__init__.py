"""Results as text: values in, strings out."""
