#include "small_model.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "bundle_builder.h"
#include "pieces/convert.h"
#include "temporary_folder.h"
#include "text.h"
#include "v1_builder.h"
#include "wire.h"

namespace permafrost::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kAssetSize = 3000;

std::string Pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 2654435761u >> 13);
  return bytes;
}

void WriteBundle(const std::string& prefix) {
  BundleBuilder builder(2);
  builder.Add("bools", DataType::kBool, {3}, std::string("\1\0\1", 3));
  builder.Add("empty", DataType::kFloat32, {0, 3}, "");
  builder.Add("floats", DataType::kFloat32, {5, 20}, Pattern(400), 1);
  builder.Add("ints", DataType::kInt32, {2}, Fixed(1, 4) + Fixed(300, 4));
  builder.Add("sliced", DataType::kInt8, {4}, "");
  builder.AddSlice("sliced", {{0, 2}}, "ab", 1);
  builder.AddSlice("sliced", {{2, 2}}, "cd");
  builder.AddStrings("strings", {3}, {"one", "", Pattern(90)}, 1);
  builder.Write(prefix);
}

void WriteV1(const std::string& prefix) {
  V1Builder first;
  first.Add("bools", 10, {3}).Slice({{0, -1}}, BytesField(11, std::string("\1\0\1", 3)));
  first.Add("floats", 1, {5, 20}).Slice({{0, -1}, {0, -1}}, BytesField(5, Pattern(400)));
  first.Add("sliced", 6, {4}).Slice({{0, 2}}, BytesField(7, "ab"));
  first.Add("strings", 7, {3}).Slice({{0, -1}}, BytesField(8, "one") + BytesField(8, "") + BytesField(8, Pattern(90)));
  V1Builder second;
  second.Add("ints", 3, {2}).Slice({{0, -1}}, BytesField(7, Varint(1) + Varint(300)));
  second.Add("sliced", 6, {4}).Slice({{2, 2}}, BytesField(7, "cd"));
  WriteFile(prefix + "-0", first.File());
  WriteFile(prefix + "-1", second.File());
}

PayloadEncoding EncodingOf(DataType dtype) {
  if (dtype == DataType::kString) return PayloadEncoding::kStrings;
  if (dtype == DataType::kBool) return PayloadEncoding::kBool;
  return HasVarints(dtype) ? PayloadEncoding::kVarint : PayloadEncoding::kRaw;
}

std::string SaidOf(const TensorEntry& entry) {
  std::string text = Quoted(entry.key) + " of " + std::string(DataTypeName(entry.dtype));
  for (const std::int64_t size : entry.shape) text += " " + std::to_string(size);
  return text + "\n";
}

// Thirds, about.
std::vector<FolderFile> FilesOf(std::uint64_t total, SmallLayout layout) {
  if (layout == SmallLayout::kFile) return {{"", total}};
  return {{"a", total / 3}, {"empty", 0}, {"below/b", total / 3}, {"c", total - total / 3 * 2}};
}

}  // namespace

void WriteSmallModel(const std::string& folder, SmallKind kind) {
  kind == SmallKind::kBundle ? WriteBundle(folder + "/m") : WriteV1(folder + "/m");
  WriteFile(folder + "/asset", Pattern(kAssetSize));
}

Result<std::shared_ptr<const Checkpoint>> OpenSmallModel(const std::string& folder, SmallKind kind) {
  const std::string prefix = folder + "/m";
  return kind == SmallKind::kBundle ? Checkpoint::OpenBundle(prefix)
                                    : Checkpoint::OpenV1(prefix, {prefix + "-0", prefix + "-1"});
}

Result<Written> FreezeSmallModel(const std::string& folder, SmallKind kind, const std::string& target,
                                 SmallLayout layout, bool durable) {
  const auto checkpoint = OpenSmallModel(folder, kind);
  if (!checkpoint.ok()) return checkpoint.status();
  const auto entries = checkpoint.value()->entries();
  std::vector<std::string> literals;
  for (const TensorEntry& entry : entries) literals.push_back(SaidOf(entry));
  std::vector<Segment> plan;
  std::uint64_t total = kAssetSize;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const PayloadEncoding encoding = EncodingOf(entries[i].dtype);
    const auto size = PayloadSize(*checkpoint.value(), {i, {}}, encoding);
    if (!size.ok()) return size.status();
    plan.emplace_back(Bytes(literals[i]));
    plan.emplace_back(TensorSegment{{i, {}}, encoding, size.value()});
    total += literals[i].size() + size.value();
  }
  plan.emplace_back(FileSegment{folder + "/asset", kAssetSize});
  WriteProgress progress;
  return WritePlan(*checkpoint.value(), plan, {target, FilesOf(total, layout), durable, false, 1}, progress);
}

std::string ContentsOf(const std::string& target) {
  std::error_code error;
  if (fs::is_regular_file(target, error)) return ReadFile(target);
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(target, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file()) files.push_back(at->path().string());
  }
  std::ranges::sort(files);
  std::string contents;
  for (const std::string& file : files) contents += file.substr(target.size()) + "\n" + ReadFile(file);
  return contents;
}

}  // namespace permafrost::test
