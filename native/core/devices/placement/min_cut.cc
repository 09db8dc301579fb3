#include "devices/placement/min_cut.h"

#include <algorithm>

namespace permafrost::devices {

// A maximum preflow from what makes vertices move (`if_kept_`) to what keeps them (`if_moved_`): push and relabel, the
// farthest first, so that what comes together goes on together, with exact labels from time to time (A. V. Goldberg,
// R. E. Tarjan, "A new approach to the maximum-flow problem", 1988; B. V. Cherkassky, A. V. Goldberg, "On implementing
// the push-relabel method", 1997). A label is at most the number of arcs to the sink.
class Preflow {
 public:
  explicit Preflow(const MinCut& cut);

  void Run();

  // What can still be reached from flow that did not get through. No other cut that costs as little moves less.
  std::vector<bool> FindMoved() const;

 private:
  using Vertex = MinCut::Vertex;

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Arc {
    std::size_t to = 0;
    std::size_t reverse = 0;  // the arc back
    std::int64_t room = 0;
  };

  std::size_t vertex_count() const { return excess_.size(); }
  std::size_t unreachable() const { return vertex_count() + 1; }
  void AddArcs(const MinCut& cut);
  void LabelAll();
  void Discharge(std::size_t vertex);
  void PushOnce(std::size_t vertex, std::size_t arc);
  void Relabel(std::size_t vertex);
  void Activate(std::size_t vertex);

  std::vector<std::size_t> begins_;
  std::vector<Arc> arcs_;
  std::vector<std::int64_t> excess_;
  std::vector<std::int64_t> sink_room_;
  std::vector<std::size_t> labels_;
  std::vector<std::size_t> current_;  // the arc that a vertex pushes along next
  // Vertices with excess that may reach the sink, as lists, by label.
  std::vector<std::size_t> active_;  // by label, the first
  std::vector<std::size_t> next_;    // by vertex, the next of its list
  std::vector<bool> is_active_;
  std::size_t highest_ = 0;  // no vertex of a higher label is active
  std::vector<std::size_t> stuck_;
  std::size_t work_ = 0;  // arcs looked at since all vertices were labelled
};

Preflow::Preflow(const MinCut& cut)
    : begins_(cut.if_kept_.size() + 1),
      excess_(cut.if_kept_),
      sink_room_(cut.if_moved_),
      labels_(cut.if_kept_.size()),
      next_(cut.if_kept_.size()),
      is_active_(cut.if_kept_.size()) {
  AddArcs(cut);
  for (std::size_t vertex = 0; vertex < vertex_count(); ++vertex) {
    const std::int64_t through = std::min(excess_[vertex], sink_room_[vertex]);
    excess_[vertex] -= through;
    sink_room_[vertex] -= through;
  }
}

void Preflow::AddArcs(const MinCut& cut) {
  for (const auto& pair : cut.pairs_) {
    ++begins_[static_cast<std::size_t>(pair.moved) + 1];
    ++begins_[static_cast<std::size_t>(pair.kept) + 1];
  }
  for (std::size_t vertex = 0; vertex < vertex_count(); ++vertex) begins_[vertex + 1] += begins_[vertex];
  arcs_.resize(begins_.back());
  current_.assign(begins_.begin(), begins_.end() - 1);
  for (const auto& pair : cut.pairs_) {
    const std::size_t there = current_[static_cast<std::size_t>(pair.moved)]++;
    const std::size_t back = current_[static_cast<std::size_t>(pair.kept)]++;
    arcs_[there] = {static_cast<std::size_t>(pair.kept), back, pair.price};
    arcs_[back] = {static_cast<std::size_t>(pair.moved), there, 0};
  }
  current_.assign(begins_.begin(), begins_.end() - 1);
}

void Preflow::Activate(std::size_t vertex) {
  const std::size_t label = labels_[vertex];
  if (is_active_[vertex] || label == unreachable()) return;
  is_active_[vertex] = true;
  next_[vertex] = active_[label];
  active_[label] = vertex;
  highest_ = std::max(highest_, label);
}

// Breadth first from the sink, against the arcs.
void Preflow::LabelAll() {
  labels_.assign(vertex_count(), unreachable());
  std::vector<std::size_t> found;
  for (std::size_t vertex = 0; vertex < vertex_count(); ++vertex) {
    if (sink_room_[vertex] == 0) continue;
    labels_[vertex] = 1;
    found.push_back(vertex);
  }
  for (std::size_t next = 0; next < found.size(); ++next) {
    const std::size_t vertex = found[next];
    for (std::size_t arc = begins_[vertex]; arc < begins_[vertex + 1]; ++arc) {
      const Arc& out = arcs_[arc];
      if (labels_[out.to] != unreachable() || arcs_[out.reverse].room == 0) continue;
      labels_[out.to] = labels_[vertex] + 1;
      found.push_back(out.to);
    }
  }
  current_.assign(begins_.begin(), begins_.end() - 1);
  work_ = 0;
  active_.assign(unreachable(), kNone);
  is_active_.assign(vertex_count(), false);
  highest_ = 0;
  for (std::size_t vertex = 0; vertex < vertex_count(); ++vertex) {
    if (excess_[vertex] > 0) Activate(vertex);
  }
}

void Preflow::PushOnce(std::size_t vertex, std::size_t arc) {
  Arc& out = arcs_[arc];
  const std::int64_t flow = std::min(excess_[vertex], out.room);
  out.room -= flow;
  arcs_[out.reverse].room += flow;
  excess_[vertex] -= flow;
  excess_[out.to] += flow;
  Activate(out.to);
}

void Preflow::Relabel(std::size_t vertex) {
  std::size_t label = sink_room_[vertex] > 0 ? 1 : unreachable();
  for (std::size_t arc = begins_[vertex]; arc < begins_[vertex + 1]; ++arc) {
    if (arcs_[arc].room > 0) label = std::min(label, labels_[arcs_[arc].to] + 1);
  }
  labels_[vertex] = std::min(label, unreachable());
  current_[vertex] = begins_[vertex];
  work_ += 1 + begins_[vertex + 1] - begins_[vertex];
}

void Preflow::Discharge(std::size_t vertex) {
  const std::int64_t through = std::min(excess_[vertex], sink_room_[vertex]);
  excess_[vertex] -= through;
  sink_room_[vertex] -= through;
  for (std::size_t& arc = current_[vertex]; excess_[vertex] > 0; ++arc, ++work_) {
    if (arc == begins_[vertex + 1]) {
      Relabel(vertex);
      stuck_.push_back(vertex);
      return;
    }
    if (arcs_[arc].room > 0 && labels_[vertex] == labels_[arcs_[arc].to] + 1) PushOnce(vertex, arc);
    // An arc with room left is where the next push begins.
    if (excess_[vertex] == 0) return;
  }
}

// In waves from the highest label down. What gets stuck is labelled anew and waits for the next wave, so that flow
// which is shut in somewhere holds up nobody elsewhere.
void Preflow::Run() {
  LabelAll();
  while (highest_ > 0) {
    for (; highest_ > 0; --highest_, ++work_) {
      while (active_[highest_] != kNone) {
        const std::size_t vertex = active_[highest_];
        active_[highest_] = next_[vertex];
        is_active_[vertex] = false;
        Discharge(vertex);
      }
    }
    if (work_ > vertex_count() + arcs_.size()) {
      LabelAll();
    } else {
      for (const std::size_t vertex : stuck_) Activate(vertex);
    }
    stuck_.clear();
  }
}

std::vector<bool> Preflow::FindMoved() const {
  std::vector<bool> is_moved(vertex_count());
  std::vector<std::size_t> found;
  const auto find = [&](std::size_t vertex) {
    if (is_moved[vertex]) return;
    is_moved[vertex] = true;
    found.push_back(vertex);
  };
  for (std::size_t vertex = 0; vertex < vertex_count(); ++vertex) {
    if (excess_[vertex] > 0) find(vertex);
  }
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (std::size_t arc = begins_[found[next]]; arc < begins_[found[next] + 1]; ++arc) {
      if (arcs_[arc].room > 0) find(arcs_[arc].to);
    }
  }
  return is_moved;
}

MinCut::Vertex MinCut::AddVertex() {
  if_moved_.push_back(0);
  if_kept_.push_back(0);
  return static_cast<Vertex>(if_moved_.size() - 1);
}

void MinCut::ChargeApart(Vertex moved, Vertex kept, std::int64_t price) {
  if (moved != kept && price > 0) pairs_.push_back({moved, kept, price});
}

std::vector<bool> MinCut::Solve() const {
  Preflow preflow(*this);
  preflow.Run();
  return preflow.FindMoved();
}

}  // namespace permafrost::devices
