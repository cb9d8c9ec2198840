"""What is drawn on a certificate besides its words: border, seal and square code.

They are drawn by us, as lines and fills that the printed page and the screen share.
"""
