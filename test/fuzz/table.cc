// A table file: as it is, and as a block, plain or compressed, whose checksum is right.
#include "table/table.h"

#include "input.h"
#include "table_builder.h"

namespace permafrost::fuzz {
namespace {

// Keys ascend, and values can be read.
void Walk(const std::string& file) {
  std::string last;
  bool any = false;
  const Status ignored =
      ForEachInTable(Source(file), "fuzzed", {}, [&](std::string_view key, const TableValue& value) -> Status {
        Require(!any || last < key);
        any = true;
        last = key;
        std::vector<std::byte> bytes;
        Require(value.ReadInto(bytes).ok() && bytes.size() == value.source().size);
        return {};
      });
  Require(ignored.ok() == ignored.message().empty());
}

}  // namespace
}  // namespace permafrost::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  const std::string text = fuzz::Input(data, size).Rest();
  fuzz::Walk(text);
  fuzz::Walk(test::TableOfBlock(test::WithTrailer(text)));
  fuzz::Walk(test::TableOfBlock(test::WithTrailer(text, 1)));
  // As the index block of a table.
  fuzz::Walk(test::WithTrailer(text) + test::Footer(0, text.size()));
  return 0;
}
