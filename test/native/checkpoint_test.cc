#include "checkpoint/checkpoint.h"

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
using test::TemporaryFolder;

// The bytes of a tensor, or the message.
Result<std::string> Stored(const Checkpoint& checkpoint, const TensorEntry& entry, const std::string& name = "tensor") {
  const auto shard = checkpoint.ShardOf(entry, name);
  if (!shard.ok()) return shard.status();
  std::string bytes(static_cast<std::size_t>(entry.size), ' ');
  Status status = shard.value()->ReadAt(entry.offset, std::as_writable_bytes(std::span(bytes)));
  if (!status.ok()) return status;
  return bytes;
}

TEST(CheckpointTest, HasTheBytesOfEachTensor) {
  const TemporaryFolder folder;
  BundleBuilder builder(2);
  builder.Add("a", DataType::kInt8, {3}, "abc", 0);
  builder.Add("b", DataType::kInt8, {4}, "defg", 1);
  builder.Add("c", DataType::kInt8, {2}, "hi", 0);
  builder.Write(folder / "model.ckpt");
  const auto bundle = Checkpoint::OpenBundle(folder / "model.ckpt");
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_EQ(bundle.value()->prefix(), folder / "model.ckpt");
  EXPECT_EQ(bundle.value()->num_shards(), 2u);
  EXPECT_EQ(bundle.value()->ShardPath(1), folder / "model.ckpt.data-00001-of-00002");
  const auto entries = bundle.value()->entries();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(Stored(*bundle.value(), entries[0]).value(), "abc");
  EXPECT_EQ(Stored(*bundle.value(), entries[1]).value(), "defg");
  EXPECT_EQ(Stored(*bundle.value(), entries[2]).value(), "hi");
}

TEST(CheckpointTest, ShardsAreOpenedWhenTheyAreNeeded) {
  const TemporaryFolder folder;
  BundleBuilder builder(2);
  builder.Add("v", DataType::kInt8, {1}, "v", 0);
  builder.Add("w", DataType::kInt8, {1}, "w", 1);
  builder.Write(folder / "m");
  std::filesystem::remove(folder / "m.data-00001-of-00002");
  const auto bundle = Checkpoint::OpenBundle(folder / "m");
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_EQ(Stored(*bundle.value(), bundle.value()->entries()[0]).value(), "v");
  const auto missing = Stored(*bundle.value(), bundle.value()->entries()[1], "tensor 'w'");
  EXPECT_EQ(missing.status().code(), StatusCode::kShardMissing);
  EXPECT_EQ(missing.status().message(),
            "shard missing (no such file): " + folder / "m.data-00001-of-00002" + ", needed for tensor 'w'");
}

TEST(CheckpointTest, AShardThatIsTooShortIsRefused) {
  const TemporaryFolder folder;
  BundleBuilder builder;
  builder.Add("v", DataType::kInt8, {400}, std::string(400, 'v'));
  builder.Add("w", DataType::kInt8, {400}, std::string(400, 'w'));
  builder.shard_bytes(0).resize(412);
  builder.Write(folder / "m");
  const auto bundle = Checkpoint::OpenBundle(folder / "m").value();
  EXPECT_TRUE(Stored(*bundle, bundle->entries()[0]).ok());
  const auto stored = Stored(*bundle, bundle->entries()[1], "tensor 'w'");
  EXPECT_EQ(stored.status().code(), StatusCode::kCheckpointMalformed);
  EXPECT_EQ(stored.status().message(),
            "shard too short (412 bytes, tensor 'w' needs bytes 400..800): " + folder / "m.data-00000-of-00001");
}

TEST(CheckpointTest, AnOffsetPastTheEndOfTheShardIsRefused) {
  const TemporaryFolder folder;
  BundleBuilder builder;
  builder.Add("w", DataType::kInt8, {2}, "ab").offset = 3;
  builder.Write(folder / "m");
  const auto bundle = Checkpoint::OpenBundle(folder / "m").value();
  EXPECT_EQ(Stored(*bundle, bundle->entries()[0], "tensor 'w'").status().message(),
            "shard too short (2 bytes, tensor 'w' needs bytes 3..5): " + folder / "m.data-00000-of-00001");
}

TEST(CheckpointTest, AMissingIndexIsAMissingCheckpoint) {
  const TemporaryFolder folder;
  const auto bundle = Checkpoint::OpenBundle(folder / "none");
  EXPECT_EQ(bundle.status().code(), StatusCode::kCheckpointNotFound);
  EXPECT_EQ(bundle.status().message(), "checkpoint not found (no such file): " + folder / "none.index");
  // In a folder that is not there, or is no folder.
  EXPECT_EQ(Checkpoint::OpenBundle(folder / "no/none").status().code(), StatusCode::kCheckpointNotFound);
  test::WriteFile(folder / "file", "");
  EXPECT_EQ(Checkpoint::OpenBundle(folder / "file/none").status().code(), StatusCode::kCheckpointNotFound);
}

TEST(CheckpointTest, AnIndexThatIsNotOneIsRefusedByName) {
  const TemporaryFolder folder;
  test::WriteFile(folder / "m.index", std::string(100, 'x'));
  EXPECT_EQ(Checkpoint::OpenBundle(folder / "m").status().message(),
            "not a tensor bundle index (bad table magic): " + folder / "m.index");
  test::WriteFile(folder / "e.index", "");
  EXPECT_EQ(Checkpoint::OpenBundle(folder / "e").status().message(),
            "not a tensor bundle index (shorter than a table footer): " + folder / "e.index");
  std::filesystem::create_directory(folder / "d.index");
  const auto directory = Checkpoint::OpenBundle(folder / "d");
  EXPECT_EQ(directory.status().code(), StatusCode::kReadFailed);
  EXPECT_EQ(directory.status().message(), "file unreadable (a directory): " + folder / "d.index");
}

TEST(CheckpointTest, ManyThreadsMayReadAtOnce) {
  const TemporaryFolder folder;
  BundleBuilder builder(8);
  for (std::uint32_t i = 0; i < 64; ++i) {
    builder.Add("t" + std::to_string(i), DataType::kInt8, {2}, std::string(2, static_cast<char>('0' + i)), i % 8);
  }
  builder.Write(folder / "m");
  const auto bundle = Checkpoint::OpenBundle(folder / "m").value();
  std::vector<std::thread> threads;
  std::vector<int> wrong(8);
  threads.reserve(wrong.size());
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (const TensorEntry& entry : bundle->entries()) {
        const auto stored = Stored(*bundle, entry);
        const char expected = static_cast<char>('0' + std::stoi(entry.key.substr(1)));
        if (!stored.ok() || stored.value() != std::string(2, expected)) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(8, 0));
}

}  // namespace
}  // namespace permafrost
