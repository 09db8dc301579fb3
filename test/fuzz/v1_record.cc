// What a V1 checkpoint's records hold: the list of tensors, a slice, and its TensorProto with the values.
#include "bundle_builder.h"
#include "input.h"
#include "pieces/v1_piece.h"
#include "table_builder.h"
#include "v1/saved_slices.h"
#include "v1/v1_index.h"
#include "v1_builder.h"
#include "wire.h"

namespace permafrost::fuzz {
namespace {

void ReadFile(const std::string& file) {
  V1Index index;
  if (!index.AddFile(Source(file), "fuzzed").ok()) return;
  for (const TensorEntry& entry : index.TakeEntries()) {
    for (const TensorSlice& slice : entry.slices) Require(slice.offset + slice.size <= file.size());
    if (entry.slices.empty()) Require(entry.offset + entry.size <= file.size());
  }
}

// As many elements as were asked for, or an error.
void ReadPiece(const std::string& proto, DataType dtype, std::uint64_t elements) {
  const std::size_t block = 64;
  const auto reader = OpenV1Piece(Source(proto), dtype, elements, block, "fuzzed");
  if (!reader.ok()) return;
  std::uint64_t size = 0;
  const std::uint64_t first = elements / 3;
  Status status = reader.value()->Read(first, elements - first, [&](std::span<const std::byte> bytes) -> Status {
    size += bytes.size();
    return {};
  });
  if (status.ok()) status = reader.value()->Finish();
  if (status.ok() && dtype != DataType::kString) Require(size == (elements - first) * ElementSize(dtype));
}

}  // namespace
}  // namespace permafrost::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  fuzz::Input input(data, size);
  const auto dtype = static_cast<DataType>(input.Byte() % 24);
  const std::uint64_t elements = input.Byte();
  const std::string text = input.Rest();
  fuzz::ReadFile(test::BuildTable({{"", text}}));
  test::V1Builder builder;
  builder.Add("w", 1, {2}).Slice({{0, -1}}, text);
  fuzz::ReadFile(builder.File());
  if (IsKnown(dtype)) fuzz::ReadPiece(text, dtype, elements);
  // A record of its own, behind a list that has "w".
  const std::string list =
      test::BytesField(1, test::BytesField(1, test::BytesField(1, "w") + test::BytesField(2, "") +
                                                  test::VarintField(3, 1) + test::BytesField(4, "")));
  fuzz::ReadFile(test::BuildTable({{"", list}, {test::SliceRecordKey("w", {}), text}}));
  return 0;
}
