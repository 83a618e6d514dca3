"""``python -m stack.contracts``: checks the import contracts of pyproject.toml, with our ``allow_list`` type.

One rule: a package lists which of our modules it may import, so a new module is forbidden until it is listed.
"""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.cli import lint_imports
from importlinter.domain.helpers import module_expressions_to_modules


class AllowListContract(Contract):
    """Source modules may directly import, of our own packages, only themselves and what is allowed."""

    type_name = "allow_list"

    source_modules = fields.ListField(subfield=fields.ModuleExpressionField())
    allowed_modules = fields.ListField(subfield=fields.ModuleExpressionField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every import of one of our modules that is not listed, as ``importer -> imported``."""
        ours = self.session_options["root_packages"]
        sources = self._modules(graph, self.source_modules)
        allowed = sources | self._modules(graph, self.allowed_modules or [])
        broken = sorted(
            f"{importer} -> {imported}"
            for importer in sources
            for imported in graph.find_modules_directly_imported_by(importer)
            if imported.partition(".")[0] in ours and imported not in allowed
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import."""
        for line in check.metadata["broken"]:
            output.print_error(line, bold=False)
            output.new_line()

    @staticmethod
    def _modules(graph: ImportGraph, expressions: object) -> set[str]:
        found = module_expressions_to_modules(graph=graph, expressions=expressions, as_packages=True)  # type: ignore[arg-type]
        return {module.name for module in found}


if __name__ == "__main__":
    sys.exit(lint_imports())
