// The header of a bundle's index, an entry, and the record of a slice.
#include "bundle/bundle_proto.h"
#include "bundle/index.h"
#include "bundle_builder.h"
#include "input.h"
#include "tensor/shape.h"

namespace permafrost::fuzz {
namespace {

// What an index says can be trusted.
void Read(const std::vector<test::Record>& records) {
  const auto index = ReadBundleIndex(Source(test::BuildTable(records)), "fuzzed");
  if (!index.ok()) return;
  for (const TensorEntry& entry : index.value().entries) {
    Require(IsKnown(entry.dtype));
    for (const std::int64_t size : entry.shape) Require(size >= 0);
    if (entry.slices.empty())
      Require(entry.shard < index.value().num_shards && entry.offset + entry.size >= entry.size);
    for (const TensorSlice& slice : entry.slices) {
      Require(slice.shard < index.value().num_shards && slice.region.size() == entry.shape.size());
    }
  }
}

}  // namespace
}  // namespace permafrost::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  // An entry of a message's length, then a second one.
  fuzz::Input input(data, size);
  const std::size_t first_size = input.Byte();
  const std::string text = input.Rest();
  const std::string first = text.substr(0, first_size);
  const std::string second = text.substr(std::min(first_size, text.size()));
  const std::string header = "\x08\x02\x1a\x02\x08\x01";  // two shards, version 1
  const std::string slice_key("\0w\0\1\1\1\x80\x82", 8);  // rows 0 and 1 of "w"
  fuzz::Read({{"", text}});
  fuzz::Read({{"", header}, {slice_key, first}, {"w", second}});
  return 0;
}
