"""The job `print`: a page of HTML that needs nothing else becomes a PDF."""

import os


def print_page(job, limits):
    try:
        import weasyprint
    except OSError as error:
        # Its libraries of the system are loaded when it is imported.
        raise ImportError(str(error), name="weasyprint") from error

    # What a page refers to is left out, wherever it lies.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=[])
    with open(job["page"], encoding="utf-8") as file:
        document = weasyprint.HTML(string=file.read(), url_fetcher=fetcher).render()
    document.write_pdf(job["output"], pdf_tags=True)
    return {"bytes": os.path.getsize(job["output"]), "pages": len(document.pages)}
