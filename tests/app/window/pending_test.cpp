// The whole window with a trace whose values are on their way when they are first read: it settles,
// nobody waits on the thread that draws, and in the end everything is as where they were at hand.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "app/views/stage_list.h"
#include "tests/app/window/play.h"
#include "tests/core/run/slow_values.h"
#include "tests/support/oracle.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace {

// Frames drawn until nothing is on its way, where one thing leads to another: a stage, what it is
// made of, an explanation.
constexpr int kMostFrames = 60;

struct Seen {
    std::string step;
    std::vector<Item> items;
    app::Image image;
    int frames = 0;
};

bool is_same(const Item& a, const Item& b) {
    const auto has_same_value = [&] {
        if (a.value.has_value() != b.value.has_value()) return false;
        return !a.value || *a.value == *b.value || (*a.value != *a.value && *b.value != *b.value);
    };
    return a.id == b.id && a.kind == b.kind && a.text == b.text && a.rect == b.rect &&
           has_same_value();
}

std::string tell(const Item& item) {
    return item.id + " " + item.kind + " '" + item.text + "' " +
           (item.value ? std::to_string(*item.value) : "");
}

// The first difference; empty where there is none.
std::string find_difference(const Seen& got, const Seen& want) {
    for (std::size_t i = 0; i < std::max(got.items.size(), want.items.size()); ++i) {
        if (i >= got.items.size()) return "nothing instead of " + tell(want.items[i]);
        if (i >= want.items.size()) return tell(got.items[i]) + " instead of nothing";
        if (is_same(got.items[i], want.items[i])) continue;
        return tell(got.items[i]) + " instead of " + tell(want.items[i]);
    }
    return got.image.rgba == want.image.rgba ? "" : "other colours";
}

// A window that shows `trace` of a model, and what there was to see after each step.
class Player {
  public:
    Player(const std::shared_ptr<const Model>& model, const std::shared_ptr<const Trace>& trace) {
        stage_.run("size 1100x700\ndo set look.motion reduced");
        stage_.document().adopt(model, trace);
    }

    Seen see(const std::string& step) {
        Seen seen;
        seen.step = step;
        Program& program = stage_.program();
        run(step);
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (int settled = 0; settled < 3;) {
            if (program.is_busy()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                program.update();
                REQUIRE(std::chrono::steady_clock::now() < end);
                continue;
            }
            stage_.screen.draw_frame(true);
            settled = program.is_busy() || program.is_pending() ? 0 : settled + 1;
            REQUIRE_MESSAGE(++seen.frames < kMostFrames, step);
        }
        seen.items = program.items().items();
        seen.image = stage_.screen.read();
        return seen;
    }
    Document& document() { return stage_.document(); }
    Program& program() { return stage_.program(); }

  private:
    // One action at once, as a key does it: nothing is waited for before.
    void run(const std::string& step) {
        std::vector<std::string> words;
        for (std::size_t at = 0; at <= step.size();) {
            const std::size_t end = std::min(step.find(' ', at), step.size());
            words.push_back(step.substr(at, end - at));
            at = end + 1;
        }
        const std::vector<std::string> arguments(words.begin() + 1, words.end());
        stage_.program().actions().run(words.front(), arguments);
    }

    Play stage_;
};

struct Run {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Trace> trace;
};

Run run_model(const std::string& path, const ModelInput& input, bool is_lean) {
    Run run;
    run.model = open_model(path);
    const PreparedInput prepared = run.model->prepare(input);
    RunOptions options;
    if (is_lean) options.keep.budget_bytes = 0;
    run.trace = make_cpu_backend(1)
                    ->prepare(prepared.graph, run.model->weights())
                    ->run(prepared.inputs, options);
    return run;
}

// Every view in all of its ways, then every stage told by its result and by its parts.
std::vector<std::string> list_steps(const Graph& graph) {
    std::vector<std::string> steps{"view attention",
                                   "set attention.aggregate mean",
                                   "set attention.layout both",
                                   "set attention.merge on",
                                   "set attention.aggregate max",
                                   "set attention.kind norm",
                                   "set attention.kind rollout",
                                   "set attention.kind weights",
                                   "set attention.aggregate chosen",
                                   "set attention.heads 0,1",
                                   "set attention.merge off",
                                   "set attention.aggregate head",
                                   "layer 1",
                                   "head 1",
                                   "query 3",
                                   "key 1",
                                   "view heads",
                                   "set heads.kind norm",
                                   "set heads.groups 2",
                                   "set heads.kind weights",
                                   "view neuron",
                                   "set neuron.mode row",
                                   "query 4",
                                   "set neuron.sort place",
                                   "set neuron.mode pair",
                                   "view vectors",
                                   "set vectors.order change",
                                   "query 2",
                                   "set vectors.layer 0",
                                   "set vectors.mode cosines",
                                   "set vectors.mode map",
                                   "view predict",
                                   "query 1",
                                   "set predict.mode lens",
                                   "view inspector",
                                   "view stages"};
    const auto count = static_cast<int>(list_stages(graph, 1).size());
    for (const char* mode :
         {"set stages.mode all-at-once", "set stages.side parts", "set stages.mode one-word"}) {
        steps.emplace_back(mode);
        for (int i = 0; i < count; ++i) steps.push_back("stage " + std::to_string(i));
    }
    return steps;
}

void compare(const Run& run) {
    const std::vector<std::string> steps = list_steps(run.trace->graph());
    std::vector<Seen> wanted;
    {
        Player player(run.model, run.trace);
        for (const std::string& step : steps) wanted.push_back(player.see(step));
    }
    const SlowTrace slow = make_slow_trace(run.trace);
    Player player(run.model, slow.trace);
    CHECK(slow.values->has_wake());
    const int waits = slow.values->waits_here();
    int most = 0;
    for (const Seen& want : wanted) {
        slow.values->forget();
        const Seen got = player.see(want.step);
        CAPTURE(want.step);
        CHECK(find_difference(got, want) == "");
        most = std::max(most, got.frames);
    }
    CHECK(slow.values->waits_here() == waits);
    CHECK(slow.values->misses() > 100);
    MESSAGE(steps.size(), " steps, at most ", most, " frames, ", slow.values->misses(), " misses");
}

}  // namespace

TEST_SUITE_BEGIN("app/window/pending");

TEST_CASE("a decoder whose values are on their way") {
    ModelInput input;
    input.text = "The dog was very cute";
    compare(run_model(resolve_model("stories").string(), input, false));
}

TEST_CASE("an encoder-decoder whose values are on their way, most of them derived") {
    const auto models = find_oracle("oracle/models");
    if (!models) {
        MESSAGE("skipped: no oracle folder");
        return;
    }
    const TempDir folder;
    for (const char* file : {"config.json", "model.safetensors"}) {
        std::filesystem::copy_file(*models / "bart-lm" / file, folder / file);
    }
    std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ncat\nsat\non\nthe\nmat\n";
    for (int i = 0; i < 86; ++i) words += "w" + std::to_string(i) + "\n";
    folder.write("vocab.txt", words);
    ModelInput input;
    input.text = "a cat sat on the mat";
    input.target = "the cat sat";
    compare(run_model(folder.path().string(), input, true));
}

TEST_SUITE_END();
