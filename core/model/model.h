// A model: config, weights and tokenizer of one folder (or a worksheet), and the graph of its
// forward pass. Families differ only behind this interface.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/format/image.h"
#include "core/graph/graph.h"
#include "core/model/generation.h"
#include "core/run/inputs.h"
#include "core/tensor/tensor.h"
#include "core/tokenizer/tokenizer.h"

namespace heed {

// What a person asks to be run: a text, or ids, or a picture.
struct ModelInput {
    std::optional<std::string> text;
    std::optional<std::string> pair;
    bool add_special = true;
    std::vector<int> ids;                  // used where there is no text
    std::vector<int> type_ids;             // beside ids; empty means 0 everywhere
    std::optional<std::string> target;     // a decoder's text, without what it begins with
    std::vector<int> target_ids;           // used where there is no such text; whole
    std::optional<std::string> memory;     // a segment that went before
    std::vector<int> memory_ids;           // used where there is no such text
    std::shared_ptr<const Tensor> pixels;  // [C, Y, X], after the model's own preparation
    std::shared_ptr<const Image> picture;  // what the pixels show, where it is known
};

// The graph for an input, what it is to be run on, and what a person must be told of it.
struct PreparedInput {
    std::shared_ptr<const Graph> graph;
    RunInputs inputs;
    std::vector<std::string> notes;  // "cut to 512 of 800 tokens: the model has 512 positions"
};

// Facts for `heed info`, `heed models` and the picker.
struct ModelSummary {
    std::string name;    // "stories"
    std::string family;  // "gpt2"
    std::string path;
    std::string architecture;  // "GPT2LMHeadModel"
    std::string tokenizer;     // description, or "none"
    std::string weight_type;   // "F16", "F32, F16"; "none" for a model without weights
    int layers = 0;
    int decoder_layers = 0;  // of an encoder-decoder, beside those of the encoder
    int heads = 0;
    int key_heads = 0;
    int d_model = 0;
    int d_head = 0;
    int d_mlp = 0;
    int vocabulary = 0;
    int positions = 0;          // longest input; 0 where there is no limit
    bool cuts_input = true;     // else positions are what it was trained on, and more can be run
    int target_vocabulary = 0;  // of an encoder-decoder
    int target_positions = 0;   // the same
    int channels = 0;           // of a model of pictures
    int image_height = 0;
    int image_width = 0;
    std::size_t parameters = 0;
    bool has_weights = true;
    bool needs_input = true;  // false for a worksheet: it brings its own tokens
    bool takes_pair = false;
    bool takes_target = false;  // an encoder-decoder
    bool takes_memory = false;
    bool takes_text = true;      // or ids
    bool takes_image = false;    // of a model that takes both: the one or the other
    std::string note;            // a worksheet's: what to look at
    GenerationRules generation;  // what it says next
};

class Model {
  public:
    virtual ~Model() = default;

    virtual const ModelSummary& summary() const = 0;
    virtual const std::shared_ptr<const WeightStore>& weights() const = 0;
    // nullptr where the folder has no tokenizer files.
    virtual const std::shared_ptr<const Tokenizer>& tokenizer() const = 0;
    // Tokenises, cuts to the model's positions, checks ids, builds the graph. Throws Error: no text
    // and no ids, no tokenizer for a text, an id out of range.
    virtual PreparedInput prepare(const ModelInput& input) const = 0;
    // The graph for `length` positions, for looking at shapes and for benchmarks.
    virtual std::shared_ptr<const Graph> graph(int length) const = 0;
};

// Opens a model: a folder, a file inside one, or a worksheet. Everything is read and checked;
// nothing is half-open. Throws Error.
std::shared_ptr<const Model> open_model(const std::filesystem::path& path);

// A model that can be named on the command line or picked in the window.
struct FoundModel {
    std::string name;
    std::filesystem::path path;
    std::string origin;          // "shipped", "worksheet", "user", "Hugging Face cache"
    std::string family;          // as its files say; empty where they do not
    std::string problem;         // why it cannot be opened; empty where it can
    std::size_t parameters = 0;  // 0 where the heads of its files do not tell
    std::size_t bytes = 0;       // of its weights (of a worksheet: all) on disk
};

// Shipped models and worksheets, ~/.local/share/heed/models, the Hugging Face cache, in this order
// and by name in each; folders with a config.json, and GGUF files (several in one folder are called
// "folder/file").
// Looks at config and headers only. Never throws for a bad model: `problem` says what is wrong.
std::vector<FoundModel> find_models();

// The path of `name_or_path`: an existing path as it is, else the first of find_models() so called.
// Throws Error naming what can be opened.
std::filesystem::path resolve_model(const std::string& name_or_path);

// Where a person's own models lie ($XDG_DATA_HOME, else ~/.local/share, heed/models), and where
// Hugging Face's tools keep theirs ($HF_HUB_CACHE, under its older name HUGGINGFACE_HUB_CACHE too,
// else $HF_HOME/hub, else huggingface/hub in $XDG_CACHE_HOME or ~/.cache). Empty without a home.
std::filesystem::path user_models_folder();
std::filesystem::path hugging_face_cache();

// Where shipped assets lie: $HEED_ASSETS, else beside the executable, else the source tree's.
std::filesystem::path assets_folder();

}  // namespace heed
