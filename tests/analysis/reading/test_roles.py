"""What a section is about when its heading fits two matters, and forms whose cells hold whole paragraphs."""

from tests.analysis.reading.reading_of import document


def test_measures_that_were_taken_are_no_prevention():
    taken = document(("Measures", "We suspended the account on 3 May. Jo Hart decided it. The offers were removed."))
    planned = document(("Measures", "Jo Hart will lock the form. Kit Moor must test it by 3 June."))
    assert taken.roles[0] == "resolution"
    assert planned.roles[0] == "prevention"


def test_what_we_did_is_the_inquiry_unless_it_tells_of_the_measure():
    looked = document(("What we did", "We read 40 chats. We compared two logs."))
    acted = document(("What we did", "Jo Hart decided on 3 May to suspend the account. She closed the offers."))
    assert looked.roles[0] == "investigation"
    assert acted.roles[0] == "resolution"


def test_a_cell_that_holds_a_paragraph_is_read_sentence_by_sentence():
    cell = "Jo Hart read the chats on 3 May and the export that Payments had made for her. She found 40 refunds that were paid twice."
    reading = document(("Form", f"Field | Entry\nMethod | {cell}\nRoot cause | The form has no lock."))
    told = [one.text for one in reading.prose]
    assert told[1] == "She found 40 refunds that were paid twice."
    assert reading.role(reading.sentences[-1]) == "cause"
