// Runs memmapped packages as TensorFlow's documentation has it, and writes some with TensorFlow's own writer.
//
//   run_packages run  FOLDER...   FOLDER/packed, with FOLDER/feed-N.pb and fetches.txt, which gives FOLDER/result-N.pb
//   run_packages pack FOLDER...   FOLDER/kept.pb, a frozen graph, which gives FOLDER/packed-by-tensorflow
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tensorflow/core/framework/graph.pb.h"
#include "tensorflow/core/framework/tensor.h"
#include "tensorflow/core/platform/env.h"
#include "tensorflow/core/protobuf/config.pb.h"
#include "tensorflow/core/protobuf/named_tensor.pb.h"
#include "tensorflow/core/public/session.h"
#include "tensorflow/core/util/memmapped_file_system.h"
#include "tensorflow/core/util/memmapped_file_system_writer.h"

namespace {

using tensorflow::MemmappedFileSystem;
using tensorflow::Tensor;

void Check(const absl::Status& status, const std::string& what) {
  if (status.ok()) return;
  std::cerr << what << ": " << status.message() << "\n";
  std::exit(1);
}

std::string ReadFile(const std::string& path) {
  std::string content;
  Check(tensorflow::ReadFileToString(tensorflow::Env::Default(), path, &content), path);
  return content;
}

// One NamedTensorProto a file: feed-0.pb, feed-1.pb...
std::vector<std::pair<std::string, Tensor>> ReadFeeds(const std::string& folder) {
  std::vector<std::pair<std::string, Tensor>> feeds;
  for (int index = 0;; ++index) {
    const std::string path = folder + "/feed-" + std::to_string(index) + ".pb";
    if (!tensorflow::Env::Default()->FileExists(path).ok()) return feeds;
    tensorflow::NamedTensorProto proto;
    Tensor tensor;
    if (!proto.ParseFromString(ReadFile(path)) || !tensor.FromProto(proto.tensor())) {
      std::cerr << path << " is no tensor\n";
      std::exit(1);
    }
    feeds.emplace_back(proto.name(), tensor);
  }
}

// As the fetches are named, a line each.
std::vector<std::string> ReadFetches(const std::string& folder) {
  std::istringstream lines(ReadFile(folder + "/fetches.txt"));
  std::vector<std::string> fetches;
  for (std::string line; std::getline(lines, line);) fetches.push_back(line);
  return fetches;
}

void Run(const std::string& folder) {
  tensorflow::MemmappedEnv env(tensorflow::Env::Default());
  Check(env.InitializeFromFile(folder + "/packed"), folder);
  tensorflow::GraphDef graph;
  Check(ReadBinaryProto(&env, MemmappedFileSystem::kMemmappedPackageDefaultGraphDef, &graph), folder);
  tensorflow::SessionOptions options;
  options.env = &env;
  // What runs is what the graph says, op by op: no constant is folded into memory that may be written to.
  options.config.mutable_graph_options()->mutable_optimizer_options()->set_opt_level(tensorflow::OptimizerOptions::L0);
  options.config.mutable_graph_options()->mutable_rewrite_options()->set_disable_meta_optimizer(true);
  const std::unique_ptr<tensorflow::Session> session(tensorflow::NewSession(options));
  Check(session->Create(graph), folder);
  std::vector<Tensor> results;
  Check(session->Run(ReadFeeds(folder), ReadFetches(folder), {}, &results), folder);
  for (std::size_t index = 0; index < results.size(); ++index) {
    tensorflow::TensorProto proto;
    results[index].AsProtoTensorContent(&proto);
    std::ofstream(folder + "/result-" + std::to_string(index) + ".pb", std::ios::binary) << proto.SerializeAsString();
  }
  Check(session->Close(), folder);
}

// TensorFlow's converter, which is in no wheel, by what docs/formats.md says of it; the writer is TensorFlow's.
void Pack(const std::string& folder) {
  tensorflow::GraphDef graph;
  Check(ReadBinaryProto(tensorflow::Env::Default(), folder + "/kept.pb", &graph), folder);
  tensorflow::MemmappedFileSystemWriter writer;
  Check(writer.InitializeToFile(tensorflow::Env::Default(), folder + "/packed-by-tensorflow"), folder);
  std::set<std::string> names;
  for (tensorflow::NodeDef& node : *graph.mutable_node()) {
    if (node.op() != "Const") continue;
    Tensor tensor;
    if (!tensor.FromProto(node.attr().at("value").tensor())) std::exit(1);
    if (tensor.dtype() == tensorflow::DT_STRING || tensor.TotalBytes() < 10'000) continue;
    std::string name = MemmappedFileSystem::kMemmappedPackagePrefix;
    for (const char letter : node.name()) {
      name += std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.' ? letter : '_';
    }
    while (!names.insert(name).second) name += '_';
    Check(writer.SaveTensor(tensor, name), node.name());
    node.set_op("ImmutableConst");
    auto& attributes = *node.mutable_attr();
    attributes.erase("value");
    tensor.shape().AsProto(attributes["shape"].mutable_shape());
    attributes["memory_region_name"].set_s(name);
  }
  Check(writer.SaveProtobuf(graph, MemmappedFileSystem::kMemmappedPackageDefaultGraphDef), folder);
  Check(writer.FlushAndClose(), folder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string verb = argv[1];
  for (int index = 2; index < argc; ++index) verb == "run" ? Run(argv[index]) : Pack(argv[index]);
}
