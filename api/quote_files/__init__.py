"""Reads the quote in a file that a vendor sent: a spreadsheet, a CSV or a PDF.

    child.py       the door: the file goes to a process of its own, the reading comes back
    fork_server, __main__    the process that those of files are forked from: its door, and what it does
    one_file       what each of them does, with the limits of ``reader_limits``
    workbooks, csv_text, quote_table    cells, and the quote in them
    pdf_words, page_words, printed      words of a page, and the quote in them by arithmetic
    page_image     a page as a picture
    placing, likeness    which row of the file answers which line of the RFQ
    written_units  units and spans in any language

One rule: nothing is guessed and nothing is sent: what was read fills fields that the vendor looks at, and what was not
read is named.
"""
