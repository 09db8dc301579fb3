#include "plan/plan_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bundle_builder.h"
#include "temporary_folder.h"
#include "wire.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::Bytes;
using test::TemporaryFolder;
using Names = std::vector<std::string>;

// Bytes that do not repeat themselves soon.
std::string Pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 2654435761u >> 13);
  return bytes;
}

class PlanWriterTest : public ::testing::Test {
 protected:
  PlanWriterTest() : builder_(2) {
    std::filesystem::create_directory(folder_ / "in");
    std::filesystem::create_directory(folder_ / "out");
    builder_.Add("a", DataType::kInt8, {3}, "abc", 0);
    builder_.Add("b", DataType::kInt32, {2}, std::string("\x01\0\0\0\x2c\x01\0\0", 8), 1);
    builder_.AddStrings("c", {}, {"text"}, 1);
  }

  // Writes the bundle, then the plan; returns the message.
  std::string Run(const std::vector<Segment>& plan, bool durable = false) {
    if (!std::filesystem::exists(folder_ / "in/m.index")) builder_.Write(folder_ / "in/m");
    const auto bundle = Checkpoint::OpenBundle(folder_ / "in/m");
    if (!bundle.ok()) return bundle.status().message();
    const auto written =
        WritePlan(*bundle.value(), plan, {target_, FilesOf(plan), durable, dry_run_, threads_}, progress_);
    code_ = written.status().code();
    if (written.ok() && files_.empty() && !dry_run_) {
      EXPECT_EQ(written.value().bytes, std::filesystem::file_size(target_));
    }
    return written.status().message();
  }

  std::vector<FolderFile> FilesOf(const std::vector<Segment>& plan) const {
    std::uint64_t size = 0;
    for (const Segment& segment : plan) size += SizeOf(segment);
    return files_.empty() ? std::vector<FolderFile>{{"", size}} : files_;
  }

  Names OutputNames() const {
    Names names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "out")) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  TemporaryFolder folder_;
  BundleBuilder builder_;
  std::string target_ = folder_ / "out/model.pb";
  std::vector<FolderFile> files_;  // none: all in the target
  bool dry_run_ = false;
  unsigned threads_ = 0;
  WriteProgress progress_;
  StatusCode code_ = StatusCode::kOk;
};

TEST_F(PlanWriterTest, WritesLiteralsAndTensorsInOrder) {
  EXPECT_EQ(Run({Bytes("<"), TensorSegment{{1, {}}, PayloadEncoding::kVarint, 3}, Bytes("|"), Bytes(""),
                 TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}, TensorSegment{{2, {}}, PayloadEncoding::kStrings, 6},
                 TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}, Bytes(">")}),
            "");
  EXPECT_EQ(test::ReadFile(target_), "<\x01\xac\x02|abc\x42\x04textabc>");
  EXPECT_EQ(progress_.bytes_written.load(), 18u);
  EXPECT_EQ(OutputNames(), Names{"model.pb"});
}

TEST_F(PlanWriterTest, AnEmptyPlanIsAnEmptyFile) {
  EXPECT_EQ(Run({}), "");
  EXPECT_EQ(test::ReadFile(target_), "");
}

TEST_F(PlanWriterTest, LiteralsNeedNoBundle) {
  const auto none = Checkpoint::Empty();
  EXPECT_TRUE(none->entries().empty());
  EXPECT_TRUE(
      WritePlan(*none, std::vector<Segment>{Bytes("ab")}, {target_, {{"", 2}}, false, false, 0}, progress_).ok());
  EXPECT_EQ(test::ReadFile(target_), "ab");
  EXPECT_FALSE(WritePlan(*none, std::vector<Segment>{TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}},
                         {target_, {{"", 3}}, false, false, 0}, progress_)
                   .ok());
}

TEST_F(PlanWriterTest, SegmentsGoOnFromFileToFile) {
  target_ = folder_ / "out/model";
  const std::string large = Pattern(10'000'000);
  builder_.Add("large", DataType::kInt8, {10'000'000}, large, 0);
  files_ = {{"head", 2}, {"parts/1", 4'000'003}, {"none", 0}, {"parts/2", 6'000'000}};
  EXPECT_EQ(Run({Bytes("<>"), TensorSegment{{3, {}}, PayloadEncoding::kRaw, 10'000'000}, Bytes("end")}), "");
  EXPECT_EQ(test::ReadFile(target_ + "/head"), "<>");
  EXPECT_TRUE(test::ReadFile(target_ + "/parts/1") == large.substr(0, 4'000'003));
  EXPECT_EQ(test::ReadFile(target_ + "/none"), "");
  EXPECT_TRUE(test::ReadFile(target_ + "/parts/2") == large.substr(4'000'003) + "end");
}

TEST_F(PlanWriterTest, CopiesFiles) {
  target_ = folder_ / "out/model";
  const std::string large = Pattern(10'000'000);
  const std::string path = folder_ / "in/asset";
  test::WriteFile(path, large);
  files_ = {{"head", 2}, {"assets/large", large.size()}, {"assets/none", 0}};
  test::WriteFile(folder_ / "in/none", "");
  EXPECT_EQ(Run({Bytes("<>"), FileSegment{path, large.size()}, FileSegment{folder_ / "in/none", 0}}), "");
  EXPECT_EQ(test::ReadFile(target_ + "/head"), "<>");
  EXPECT_TRUE(test::ReadFile(target_ + "/assets/large") == large);
  EXPECT_EQ(test::ReadFile(target_ + "/assets/none"), "");
}

TEST_F(PlanWriterTest, FilesThatHaveChangedLeaveNothing) {
  const std::string path = folder_ / "in/asset";
  EXPECT_EQ(Run({FileSegment{path, 3}}), "file missing (no such file): " + path);
  EXPECT_EQ(code_, StatusCode::kReadFailed);
  test::WriteFile(path, "ab");
  EXPECT_EQ(Run({FileSegment{path, 3}}), "file changed (it has 2 bytes and had 3): " + path);
  EXPECT_EQ(code_, StatusCode::kReadFailed);
  EXPECT_EQ(OutputNames(), Names{});
}

TEST_F(PlanWriterTest, ADryRunLeavesNothingAndFindsWhatTheWriteWouldFind) {
  dry_run_ = true;
  const std::vector<Segment> plan{Bytes("<"), TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}};
  Run(plan);
  EXPECT_EQ(code_, StatusCode::kOk);
  EXPECT_EQ(OutputNames(), Names{});
  EXPECT_EQ(progress_.bytes_written.load(), 0u);
  for (const std::string& target : {folder_ / "out", folder_ / "none/model.pb", folder_ / "in/m.index/model.pb"}) {
    target_ = target;
    dry_run_ = true;
    const std::string dry = Run(plan);
    EXPECT_NE(dry, "");
    dry_run_ = false;
    EXPECT_EQ(Run(plan), dry);
  }
}

TEST_F(PlanWriterTest, EachByteHasItsFile) {
  files_ = {{"", 2}};
  EXPECT_EQ(Run({Bytes("abc")}), "plan not executable (its segments are longer than its files)");
  files_ = {{"", 4}};
  EXPECT_EQ(Run({Bytes("abc")}), "plan not executable (its files are longer than its segments)");
  EXPECT_EQ(OutputNames(), Names{});
}

TEST_F(PlanWriterTest, ADurableWriteGivesTheSameFile) {
  EXPECT_EQ(Run({TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}}, true), "");
  EXPECT_EQ(test::ReadFile(target_), "abc");
}

TEST_F(PlanWriterTest, WritesPlansLargerThanAnyBuffer) {
  const std::string large = Pattern(3 << 20);
  builder_.Add("large", DataType::kUint8, {3 << 20}, large, 1);
  const std::string literal(5 << 20, 'l');
  EXPECT_EQ(Run({Bytes("head"), TensorSegment{{3, {}}, PayloadEncoding::kRaw, 3 << 20}, Bytes(literal),
                 TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}}),
            "");
  EXPECT_TRUE(test::ReadFile(target_) == "head" + large + literal + "abc");
}

TEST_F(PlanWriterTest, AnyNumberOfThreadsGivesTheSameFile) {
  const std::string large = Pattern(9 << 20);
  builder_.Add("large", DataType::kUint8, {9 << 20}, large, 1);
  const std::string literal(5 << 20, 'l');
  std::vector<Segment> plan = {Bytes("head")};
  std::string expected = "head";
  for (int i = 0; i < 3; ++i) {
    plan.emplace_back(TensorSegment{{3, {}}, PayloadEncoding::kRaw, 9 << 20});
    plan.emplace_back(TensorSegment{{1, {}}, PayloadEncoding::kVarint, 3});
    plan.emplace_back(Bytes(literal));
    expected += large + "\x01\xac\x02" + literal;
  }
  for (const unsigned threads : {1u, 2u, 7u}) {
    threads_ = threads;
    EXPECT_EQ(Run(plan), "") << threads;
    EXPECT_TRUE(test::ReadFile(target_) == expected) << threads;
  }
  EXPECT_EQ(progress_.bytes_written.load(), 3 * expected.size());
}

TEST_F(PlanWriterTest, LargeTensorsOfTheOtherByteOrderAreSwapped) {
  const std::string large = Pattern(9 << 20);
  std::string expected;
  for (std::size_t i = 0; i < large.size(); i += 4) {
    for (std::size_t j = 4; j > 0; --j) expected += large[i + j - 1];
  }
  builder_ = BundleBuilder(1, true);
  builder_.Add("large", DataType::kInt32, {(9 << 20) / 4}, large);
  EXPECT_EQ(Run({Bytes("head!"), TensorSegment{{0, {}}, PayloadEncoding::kRaw, 9 << 20}}), "");
  EXPECT_TRUE(test::ReadFile(target_) == "head!" + expected);
}

TEST_F(PlanWriterTest, AChecksumMismatchInAnyStretchOfALargeTensorIsFound) {
  std::string large(13 << 20, 'x');
  for (const std::size_t at : {std::size_t{0}, large.size() / 2, large.size() - 1}) {
    BundleBuilder builder;
    builder.Add("large", DataType::kUint8, {13 << 20}, large);
    builder.shard_bytes(0)[at] = 'y';
    builder_ = builder;
    std::filesystem::remove(folder_ / "in/m.index");
    EXPECT_TRUE(Run({TensorSegment{{0, {}}, PayloadEncoding::kRaw, 13 << 20}}).starts_with("checksum mismatch"));
    EXPECT_EQ(OutputNames(), Names{});
  }
}

TEST_F(PlanWriterTest, AChecksumMismatchLeavesTheTargetAsItWas) {
  builder_.shard_bytes(0)[1] = 'X';
  test::WriteFile(target_, "old");
  EXPECT_EQ(Run({Bytes("<"), TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}}),
            "checksum mismatch (stored 364b3fb7, computed cc54de62): tensor 'a', bytes 0..3 of " +
                folder_ / "in/m.data-00000-of-00002");
  EXPECT_EQ(code_, StatusCode::kChecksumMismatch);
  EXPECT_EQ(test::ReadFile(target_), "old");
  EXPECT_EQ(OutputNames(), Names{"model.pb"});
}

TEST_F(PlanWriterTest, AMissingShardIsKnownBeforeAnythingIsWritten) {
  builder_.Write(folder_ / "in/m");
  std::filesystem::remove(folder_ / "in/m.data-00001-of-00002");
  // The folder of the output does not exist: had the file been created first, that would be the failure.
  target_ = folder_ / "nowhere/model.pb";
  EXPECT_EQ(
      Run({TensorSegment{{0, {}}, PayloadEncoding::kRaw, 3}, TensorSegment{{2, {}}, PayloadEncoding::kStrings, 6}}),
      "shard missing (no such file): " + folder_ / "in/m.data-00001-of-00002" + ", needed for tensor 'c'");
  EXPECT_EQ(code_, StatusCode::kShardMissing);
}

TEST_F(PlanWriterTest, APlanWithAWrongSizeIsRefused) {
  target_ = folder_ / "nowhere/model.pb";
  EXPECT_EQ(Run({TensorSegment{{0, {}}, PayloadEncoding::kRaw, 4}}),
            "plan not executable (tensor 'a' gives 3 bytes, planned were 4)");
  EXPECT_EQ(code_, StatusCode::kWriteFailed);
  EXPECT_EQ(Run({TensorSegment{{3, {}}, PayloadEncoding::kRaw, 4}}), "plan not executable (tensor 3 of 3)");
  EXPECT_EQ(Run({TensorSegment{{1, {}}, PayloadEncoding::kVarint, UINT64_MAX}, Bytes("x")}),
            "plan not executable (larger than 2^64 bytes)");
  // These sizes were found out by reading the elements, and are again while writing; then nothing is left.
  target_ = folder_ / "out/model.pb";
  EXPECT_EQ(Run({TensorSegment{{1, {}}, PayloadEncoding::kVarint, 2}}),
            "tensor changed while it was read (3 bytes of output, measured were 2): tensor 'b'");
  EXPECT_EQ(progress_.bytes_written.load(), 0u);  // not one byte of what is too much
  EXPECT_EQ(Run({TensorSegment{{1, {}}, PayloadEncoding::kVarint, 4}}),
            "tensor changed while it was read (3 bytes of output, measured were 4): tensor 'b'");
  EXPECT_EQ(Run({TensorSegment{{2, {}}, PayloadEncoding::kStrings, 5}}),
            "tensor changed while it was read (6 bytes of output, measured were 5): tensor 'c'");
  EXPECT_EQ(code_, StatusCode::kReadFailed);
  EXPECT_EQ(OutputNames(), Names{});
}

TEST_F(PlanWriterTest, AnAbortBeforeTheStartWritesNothing) {
  progress_.stop.Ask();
  EXPECT_EQ(Run({Bytes("x")}), "aborted");
  EXPECT_EQ(code_, StatusCode::kAborted);
  EXPECT_EQ(OutputNames(), Names{});
}

TEST_F(PlanWriterTest, AnAbortUnderWayLeavesNothing) {
  builder_.Add("large", DataType::kUint8, {8 << 20}, std::string(8 << 20, 'x'), 1);
  // So many repetitions that the abort comes in time on any machine.
  const std::vector<Segment> plan(200, TensorSegment{{3, {}}, PayloadEncoding::kRaw, 8 << 20});
  std::thread aborter([this] {
    while (progress_.bytes_written.load() == 0) std::this_thread::yield();
    progress_.stop.Ask();
  });
  const std::string message = Run(plan);
  progress_.bytes_written.fetch_add(1);  // lets the thread end even if the write failed at once
  aborter.join();
  EXPECT_EQ(message, "aborted");
  EXPECT_EQ(code_, StatusCode::kAborted);
  EXPECT_LT(progress_.bytes_written.load(), std::uint64_t{200} << 23);
  EXPECT_EQ(OutputNames(), Names{});
  EXPECT_EQ(progress_.discarded.size(), 1u);  // the caller's to close when nobody waits
}

TEST_F(PlanWriterTest, ATargetThatIsAFolderIsRefused) {
  target_ = folder_ / "out";
  EXPECT_EQ(Run({Bytes("x")}), "target not writable (a directory): " + folder_ / "out");
  EXPECT_EQ(code_, StatusCode::kWriteFailed);
}

TEST_F(PlanWriterTest, WritesPartsOfTensorsInSlices) {
  builder_.Add("w", DataType::kInt8, {4}, "");
  builder_.AddSlice("w", {{2, 2}}, "yz");
  builder_.AddSlice("w", {{0, 2}}, "wx", 1);
  EXPECT_EQ(
      Run({TensorSegment{{3, {}}, PayloadEncoding::kRaw, 4}, TensorSegment{{3, {{1, 2}}}, PayloadEncoding::kRaw, 2}}),
      "");
  EXPECT_EQ(test::ReadFile(target_), "wxyzxy");
}

TEST_F(PlanWriterTest, SlicesThatDoNotTileAreKnownBeforeAnythingIsWritten) {
  builder_.Add("w", DataType::kInt16, {4}, "");
  builder_.AddSlice("w", {{0, 2}}, "wxyz");
  target_ = folder_ / "nowhere/model.pb";
  EXPECT_EQ(Run({TensorSegment{{3, {}}, PayloadEncoding::kVarint, 8}}),
            "bad slices (none holds index 2 of axis 0): tensor 'w' in " + folder_ / "in/m");
  EXPECT_EQ(code_, StatusCode::kCheckpointMalformed);
}

}  // namespace
}  // namespace permafrost
