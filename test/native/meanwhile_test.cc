// Somebody else cuts, overwrites, replaces or removes a file of the checkpoint, just before each call to the system
// that a freeze makes: an error that says so, or the output of the files as they were.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "faults.h"
#include "small_model.h"
#include "temporary_folder.h"

namespace permafrost {
namespace {

namespace fs = std::filesystem;

using test::Faults;
using test::SmallKind;
using test::SmallLayout;
using test::TemporaryFolder;

enum class Change : std::uint8_t { kEmpty, kHalf, kOverwrite, kReplace, kRemove };

constexpr Change kChanges[] = {Change::kEmpty, Change::kHalf, Change::kOverwrite, Change::kReplace, Change::kRemove};

void Apply(Change change, const std::string& path) {
  std::string other = test::ReadFile(path);
  for (char& byte : other) byte = static_cast<char>(byte ^ 0x55);
  switch (change) {
    case Change::kEmpty:
      return fs::resize_file(path, 0);
    case Change::kHalf:
      return fs::resize_file(path, other.size() / 2);
    case Change::kOverwrite:
      return test::WriteFile(path, other);
    case Change::kReplace:
      test::WriteFile(path + ".new", other);
      return fs::rename(path + ".new", path);
    case Change::kRemove:
      fs::remove(path);
  }
}

bool IsExpected(StatusCode code) {
  return code == StatusCode::kReadFailed || code == StatusCode::kCheckpointMalformed ||
         code == StatusCode::kChecksumMismatch || code == StatusCode::kShardMissing ||
         code == StatusCode::kCheckpointNotFound;
}

class MeanwhileTest : public ::testing::Test {
 protected:
  // Makes the checkpoint again, as one that was written long ago: a change within a tick of the clock leaves no trace.
  void Prepare(SmallKind kind) {
    fs::remove_all(folder_ / "in");
    fs::remove(target_);
    fs::create_directory(folder_ / "in");
    test::WriteSmallModel(folder_ / "in", kind);
    for (const auto& entry : fs::directory_iterator(folder_ / "in")) {
      fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - std::chrono::hours(1));
    }
  }

  Status Freeze(SmallKind kind) {
    return test::FreezeSmallModel(folder_ / "in", kind, target_, SmallLayout::kFile).status();
  }

  void ChangeAtEachCall(SmallKind kind, const std::vector<std::string>& names) {
    Prepare(kind);
    std::size_t calls = 0;
    {
      const Faults counting;
      const Status status = Freeze(kind);
      ASSERT_TRUE(status.ok()) << status.message();
      calls = counting.calls().size();
    }
    const std::string right = test::ContentsOf(target_);
    std::size_t refused = 0;
    std::size_t runs = 0;
    for (const std::string& name : names) {
      for (const Change change : kChanges) {
        for (std::size_t call = 0; call < calls; ++call, ++runs) {
          SCOPED_TRACE(name + ", change " + std::to_string(static_cast<int>(change)) + ", call " +
                       std::to_string(call));
          Prepare(kind);
          Status status;
          {
            const Faults faults(
                test::Fault{call, {}, [&](const test::Call&) { Apply(change, folder_ / "in/" + name); }});
            status = Freeze(kind);
          }
          EXPECT_TRUE(status.ok() || IsExpected(status.code())) << CodeName(status.code()) << ": " << status.message();
          EXPECT_EQ(test::ContentsOf(target_), status.ok() ? right : "");
          if (!status.ok()) ++refused;
        }
      }
    }
    std::printf("%zu changes of files while they were read, %zu freezes refused, %zu right\n", runs, refused,
                runs - refused);
    EXPECT_GT(refused, names.size() * std::size(kChanges));
    EXPECT_LT(refused, runs);
  }

  TemporaryFolder folder_;
  std::string target_ = folder_ / "target";
};

TEST_F(MeanwhileTest, AChangedBundleIsNoticedOrOfNoConsequence) {
  ChangeAtEachCall(SmallKind::kBundle, {"m.index", "m.data-00000-of-00002", "m.data-00001-of-00002"});
}

TEST_F(MeanwhileTest, AChangedV1CheckpointIsNoticedOrOfNoConsequence) {
  ChangeAtEachCall(SmallKind::kV1, {"m-0", "m-1"});
}

}  // namespace
}  // namespace permafrost
