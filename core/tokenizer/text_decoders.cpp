// Decoders that rewrite pieces: Metaspace, BPE, ByteFallback, Fuse, Replace and Strip.
#include <utility>

#include "core/tokenizer/decoders.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/vocabulary.h"

namespace heed {
namespace {

using Pieces = std::vector<std::string>;

// `text` with every `from` as `to`.
std::string replaced(std::string_view text, const TextPattern& from, std::string_view to) {
    std::string out;
    std::size_t at = 0;
    for (const TextRange& match : from.find_all(text)) {
        out += text.substr(at, match.begin - at);
        out += to;
        at = match.end;
    }
    out += text.substr(at);
    return out;
}

class MetaspaceDecoder : public Decoder {
  public:
    MetaspaceDecoder(std::string replacement, bool keeps_first)
        : pattern_(TextPattern::of_text(std::move(replacement))), keeps_first_(keeps_first) {}

    Pieces decode_each(Pieces pieces) const override {
        bool is_first = true;
        for (std::string& piece : pieces) {
            piece = replaced(piece, pattern_, is_first && !keeps_first_ ? "" : " ");
            is_first = false;
        }
        return pieces;
    }

  private:
    TextPattern pattern_;
    bool keeps_first_;
};

class BpeDecoder : public Decoder {
  public:
    explicit BpeDecoder(std::string suffix) : pattern_(TextPattern::of_text(std::move(suffix))) {}

    Pieces decode_each(Pieces pieces) const override {
        for (std::string& piece : pieces) {
            piece = replaced(piece, pattern_, &piece == &pieces.back() ? "" : " ");
        }
        return pieces;
    }

  private:
    TextPattern pattern_;
};

class ByteFallbackDecoder : public Decoder {
  public:
    Pieces decode_each(Pieces pieces) const override {
        Pieces out;
        std::string bytes;
        for (std::string& piece : pieces) {
            if (const auto byte = parse_byte_piece(piece)) {
                bytes += static_cast<char>(*byte);
                continue;
            }
            flush(bytes, out);
            out.push_back(std::move(piece));
        }
        flush(bytes, out);
        return out;
    }

  private:
    static void flush(std::string& bytes, Pieces& out) {
        if (bytes.empty()) return;
        if (find_invalid_utf8(bytes)) {
            out.insert(out.end(), bytes.size(), "\uFFFD");
        } else {
            out.push_back(bytes);
        }
        bytes.clear();
    }
};

class FuseDecoder : public Decoder {
  public:
    Pieces decode_each(Pieces pieces) const override {
        std::string all;
        for (const std::string& piece : pieces) all += piece;
        return {all};
    }
};

class ReplaceDecoder : public Decoder {
  public:
    ReplaceDecoder(TextPattern pattern, std::string content)
        : pattern_(std::move(pattern)), content_(std::move(content)) {}

    Pieces decode_each(Pieces pieces) const override {
        for (std::string& piece : pieces) piece = replaced(piece, pattern_, content_);
        return pieces;
    }

  private:
    TextPattern pattern_;
    std::string content_;
};

class StripDecoder : public Decoder {
  public:
    StripDecoder(std::string content, int at_start, int at_end)
        : content_(std::move(content)), at_start_(at_start), at_end_(at_end) {}

    Pieces decode_each(Pieces pieces) const override {
        for (std::string& piece : pieces) {
            for (int i = 0; i < at_start_ && piece.starts_with(content_); ++i) {
                piece.erase(0, content_.size());
            }
            for (int i = 0; i < at_end_ && piece.ends_with(content_); ++i) {
                piece.resize(piece.size() - content_.size());
            }
        }
        return pieces;
    }

  private:
    std::string content_;
    int at_start_;
    int at_end_;
};

class TrimDecoder : public Decoder {
  public:
    Pieces decode_each(Pieces pieces) const override {
        std::string all;
        for (const std::string& piece : pieces) all += piece;
        std::size_t begin = all.size();
        std::size_t end = 0;
        for (std::size_t at = 0; at < all.size();) {
            const Utf8Char c = decode_character(all, at);
            const std::size_t next = at + static_cast<std::size_t>(c.length);
            if (!is_python_white_space(c.code_point)) {
                begin = std::min(begin, at);
                end = next;
            }
            at = next;
        }
        return {begin < end ? all.substr(begin, end - begin) : ""};
    }
};

}  // namespace

std::unique_ptr<const Decoder> make_metaspace_decoder(std::string replacement, bool keeps_first) {
    return std::make_unique<MetaspaceDecoder>(std::move(replacement), keeps_first);
}

std::unique_ptr<const Decoder> make_bpe_decoder(std::string suffix) {
    return std::make_unique<BpeDecoder>(std::move(suffix));
}

std::unique_ptr<const Decoder> make_byte_fallback_decoder() {
    return std::make_unique<ByteFallbackDecoder>();
}

std::unique_ptr<const Decoder> make_fuse_decoder() {
    return std::make_unique<FuseDecoder>();
}

std::unique_ptr<const Decoder> make_replace_decoder(TextPattern pattern, std::string content) {
    return std::make_unique<ReplaceDecoder>(std::move(pattern), std::move(content));
}

std::unique_ptr<const Decoder> make_strip_decoder(std::string content, int at_start, int at_end) {
    return std::make_unique<StripDecoder>(std::move(content), at_start, at_end);
}

std::unique_ptr<const Decoder> make_trim_decoder() {
    return std::make_unique<TrimDecoder>();
}

}  // namespace heed
