"""What automations call, besides the commands themselves (design §6)."""
