// A plan over a sound checkpoint of either kind: it is written whole, or nothing is left of it.
#include <filesystem>
#include <vector>

#include "input.h"
#include "plan/plan_writer.h"
#include "small_model.h"
#include "temporary_folder.h"

namespace permafrost::fuzz {
namespace {

namespace fs = std::filesystem;

// Made once, since all inputs read the same.
struct Model {
  explicit Model(test::SmallKind kind) {
    fs::create_directory(folder / "in");
    fs::create_directory(folder / "out");
    test::WriteSmallModel(folder / "in", kind);
    checkpoint = test::OpenSmallModel(folder / "in", kind).value();
  }

  test::TemporaryFolder folder;
  std::shared_ptr<const Checkpoint> checkpoint;
};

Region RegionFrom(Input& input) {
  Region region(input.Byte() % 4);
  for (Extent& extent : region)
    extent = {static_cast<std::int8_t>(input.Byte()), static_cast<std::int8_t>(input.Byte())};
  return region;
}

Channels ChannelsFrom(Input& input) {
  return {std::uint64_t{input.Byte()} % 32, std::uint64_t{input.Byte()} % 32, std::uint64_t{input.Byte()} % 128};
}

class Plan {
 public:
  Plan(Input& input, const Model& model) {
    while (!input.empty() && segments_.size() < kMostSegments) Add(input, model);
  }

  std::span<const Segment> segments() const { return segments_; }

  std::uint64_t size() const {
    std::uint64_t size = 0;
    for (const Segment& segment : segments_) size += SizeOf(segment);
    return size;
  }

 private:
  static constexpr std::size_t kMostSegments = 16;

  void Add(Input& input, const Model& model) {
    static constexpr std::byte kLiteral[255] = {};
    const std::uint8_t kind = input.Byte();
    if (kind % 4 == 0) {
      segments_.emplace_back(std::span(kLiteral).first(input.Byte()));
    } else if (kind % 4 == 1) {
      segments_.emplace_back(FileSegment{model.folder / "in/asset", kind < 16 ? input.Byte() : std::uint64_t{3000}});
    } else {
      AddTensor(input, *model.checkpoint, kind >= 128);
    }
  }

  void AddTensor(Input& input, const Checkpoint& checkpoint, bool has_wrong_size) {
    TensorSegment tensor{{input.Byte() % 8u, {}}, static_cast<PayloadEncoding>(input.Byte() % 10)};
    tensor.part.region = RegionFrom(input);
    const std::uint8_t numbers = input.Byte();
    if ((numbers & 1) != 0) tensor.form.scales = {std::vector<float>(numbers >> 2, 0.25f), ChannelsFrom(input)};
    if ((numbers & 2) != 0) tensor.form.factors = {std::vector<double>(numbers >> 2, 3.5), ChannelsFrom(input)};
    if (tensor.part.entry < checkpoint.entries().size() && !has_wrong_size) {
      const auto size = PayloadSize(checkpoint, tensor.part, tensor.form);
      tensor.size = size.ok() ? size.value() : 0;
    } else {
      tensor.size = input.Byte();
    }
    segments_.emplace_back(tensor);
  }

  std::vector<Segment> segments_;
};

// The files that the bytes are cut into, which may be too long or too short.
std::vector<FolderFile> FilesFor(std::uint64_t size, std::uint8_t choice) {
  if (choice % 4 == 0) return {{"", size}};
  if (choice % 4 == 1) return {{"a", size / 2}, {"b/c", size - size / 2}};
  if (choice % 4 == 2) return {{"a", size}, {"b", 0}};
  return {{"a", choice}};
}

}  // namespace
}  // namespace permafrost::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  static const fuzz::Model bundle(test::SmallKind::kBundle);
  static const fuzz::Model v1(test::SmallKind::kV1);
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.Byte();
  const fuzz::Model& model = (choice & 64) == 0 ? bundle : v1;
  const fuzz::Plan plan(input, model);
  const std::string target = model.folder / "out/target";
  WriteProgress progress;
  const auto files = fuzz::FilesFor(plan.size(), choice);
  const auto written = WritePlan(*model.checkpoint, plan.segments(), {target, files, false, false, 1}, progress);
  if (written.ok()) {
    std::uint64_t found = 0;
    if (fuzz::fs::is_regular_file(target)) found = fuzz::fs::file_size(target);
    if (fuzz::fs::is_directory(target)) {
      for (const auto& entry : fuzz::fs::recursive_directory_iterator(target)) {
        if (entry.is_regular_file()) found += entry.file_size();
      }
    }
    fuzz::Require(found == plan.size() && written.value().bytes == found);
    fuzz::fs::remove_all(target);
  }
  fuzz::Require(fuzz::fs::is_empty(model.folder / "out"));
  return 0;
}
