"""Cards, targets, tasks, plans and corrections of one programme. In: the seeds. Out: rows in the order of the files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tiendo.programme.cards import (
    Correction,
    Disaggregation,
    Finding,
    FrameBreak,
    Goal,
    Indicator,
    Milestone,
    MilestoneState,
    Responsibility,
    Review,
    Row,
    Task,
    Verification,
    read_row,
)
from tiendo.programme.seeds import SeedFolder
from tiendo.programme.targets import PathPoint, Season, Target


@dataclass(frozen=True, eq=False)
class CardTables(SeedFolder):
    """What is measured, asked for and corrected."""

    def _rows(self, cls: type[Row], name: str) -> tuple[Row, ...]:
        return tuple(read_row(cls, row) for row in self.table(name))

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """Targets and groups of tasks."""
        return self._rows(Goal, "goal")

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All cards, each definition version one."""
        return tuple(Indicator.from_row(row) for row in self.table("indicator"))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """What is to be reached."""
        return self._rows(Target, "target")

    @cached_property
    def path_points(self) -> tuple[PathPoint, ...]:
        """Values that plans name on the way to a target."""
        return self._rows(PathPoint, "path_point")

    @cached_property
    def seasons(self) -> tuple[Season, ...]:
        """Shares of a year by month."""
        return self._rows(Season, "season")

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What evaluators signed beside statuses."""
        return self._rows(Finding, "finding")

    @cached_property
    def frame_breaks(self) -> tuple[FrameBreak, ...]:
        """Legal changes of frames."""
        return self._rows(FrameBreak, "frame_break")

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The programme's tasks."""
        return self._rows(Task, "task")

    @cached_property
    def responsibilities(self) -> tuple[Responsibility, ...]:
        """Who leads and cooperates."""
        return self._rows(Responsibility, "responsibility")

    @cached_property
    def milestones(self) -> tuple[Milestone, ...]:
        """Steps of tasks."""
        return self._rows(Milestone, "milestone")

    @cached_property
    def milestone_states(self) -> tuple[MilestoneState, ...]:
        """How far the steps are."""
        return self._rows(MilestoneState, "milestone_state")

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """Numbers known to be wrong, and decided offsets."""
        return self._rows(Correction, "correction")

    @cached_property
    def verifications(self) -> tuple[Verification, ...]:
        """Spot checks of reported numbers."""
        return self._rows(Verification, "verification")

    @cached_property
    def reviews(self) -> tuple[Review, ...]:
        """Frozen readings."""
        return self._rows(Review, "review")

    @cached_property
    def disaggregations(self) -> tuple[Disaggregation, ...]:
        """Parts by which numbers are asked, in the order of the form."""
        return tuple(
            sorted(
                self._rows(Disaggregation, "disaggregation"), key=lambda part: (part.dimension_code, part.form_order)
            )
        )

    def parts_of(self, dimension_code: str) -> tuple[Disaggregation, ...]:
        """The values of one dimension; empty when there is no such dimension."""
        return tuple(part for part in self.disaggregations if part.dimension_code == dimension_code)
