#include "devices/kernels/op_names.h"

#include "devices/kernels/table_lines.h"
#include "text.h"

namespace permafrost::devices {

std::variant<OpNames, TableFault> ReadOpNames(std::string_view text) {
  OpNames names;
  for (const TableLine& line : LinesOf(text)) {
    if (line.words.size() > 1)
      return TableFault{line.number, "expected one op but found " + Quoted(line.words[1]) + " after it"};
    if (!names.insert(line.words[0]).second) return TableFault{line.number, Quoted(line.words[0]) + " is there twice"};
  }
  return names;
}

}  // namespace permafrost::devices
