"""How people come in, beyond the door: passwords, second factors, invitations, open sessions."""
