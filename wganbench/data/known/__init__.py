"""Laws whose W1 is known: the mathematics behind data sets. No plug-ins are looked for here."""
