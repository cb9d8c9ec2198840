"""The ids of a course: one space for questions, reflections, actions and meetings."""

from dataclasses import dataclass, field

from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown
from learnpeace.catalog.quiz_file import QuestionSet


@dataclass(slots=True)
class Ids:
    """Who took which id; a former id (`was=`) must be free."""

    places: dict[str, tuple[Page, int]] = field(default_factory=dict)
    former: list[tuple[str, Page, int]] = field(default_factory=list)

    def take(self, id: str, page: Page, line: int, code: str = "M118") -> None:
        """Take an id, noting under `code` when it is taken."""
        if not id:
            return
        if (place := self.places.setdefault(id, (page, line))) != (page, line):
            where = f"{place[0].file}, line {place[1]}"
            message = f"The id “{shown(id)}” is already used in {where}. Choose another here."
            page.error(line, code, message)

    def take_questions(self, questions: QuestionSet) -> None:
        """Take the id of each question."""
        for draft in questions.drafts:
            self.take(draft.id, questions.page, draft.first, "Q102")
            if draft.was:
                self.former.append((draft.was, questions.page, draft.first))

    def check_former(self) -> None:
        """Note former ids that are still in use."""
        for id, page, line in self.former:
            if id in self.places:
                where = f"{self.places[id][0].file}, line {self.places[id][1]}"
                message = f"“was={shown(id)}” names an id in use in {where}. Take “was” out."
                page.error(line, "Q128", message)
