// The key of a slice's record.
#include "tensor/slice_key.h"

#include "input.h"
#include "tensor/region.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  fuzz::Input input(data, size);
  const std::string text = input.Rest();
  const auto key = DecodeSliceKey(text);
  if (!key) return 0;
  fuzz::Require(key->tensor.size() <= size && key->extents.size() <= size);
  const std::vector<std::int64_t> shape(key->extents.size(), 5);
  const auto region = RegionOf(key->extents, shape);
  if (!region) return 0;
  for (const Extent& extent : *region) fuzz::Require(extent.start >= 0 && extent.start + extent.length <= 5);
  return 0;
}
